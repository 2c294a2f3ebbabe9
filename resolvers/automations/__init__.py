"""Automations and their triggers."""
