"""Labels of goods on sheets and rolls."""
