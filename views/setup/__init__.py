"""The first steps of a new business."""
