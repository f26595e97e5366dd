"""Every sentence that Rafiq can say, in French and in Arabic, and the tool that keeps the two catalogues true."""
