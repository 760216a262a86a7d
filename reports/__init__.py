"""Documents and figures made from what the services read: PDFs, materialized reports, charts."""
