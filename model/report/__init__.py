"""What a state's files say -> one HTML page that needs nothing but itself.

`reading` opens the files, each module named after a part of the page puts some of them into
`blocks`, and `page` renders these. Nothing is computed here that is not in a file.
"""
