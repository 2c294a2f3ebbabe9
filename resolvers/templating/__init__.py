"""Template languages in processes of their own: started, fed, bounded and, where need be, killed."""
