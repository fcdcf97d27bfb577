"""Every table and figure of the study's exploration, from a state's own files.

An `Exhibit` is a table, and a figure that shows it. The modules compute them by arrays, one subject
each; `plots` has the looks that they share.
"""
