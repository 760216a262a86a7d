"""What somebody may see and change beyond their rights: rows, fields, amounts.

``app.domain.access_policy`` says what a role's policy means, this package applies it. Screens, the
API and services all ask here, so that no door forgets it.
"""
