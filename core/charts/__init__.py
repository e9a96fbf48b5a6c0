"""Charts: one class gives the rows, the sentence and the drawing."""
