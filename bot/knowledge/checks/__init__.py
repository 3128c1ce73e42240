"""What makes a readable file a good one: a module for each subject, each with `problems(material)`."""
