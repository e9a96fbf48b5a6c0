"""Documents: one declaration, one frozen content, drawn as page, PDF, workbook and Word."""
