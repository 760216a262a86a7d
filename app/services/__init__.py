"""Operations: one public function per file, one transaction each, safe to call twice."""
