"""Authentication, permissions, CSRF protection and sign-in."""
