"""The built-in tasks, a family a module. To add a task, declare it in the TASKS of its family."""
