"""What is made of an `evaluate.Evaluation`: tables, files, examples; what each source adds."""
