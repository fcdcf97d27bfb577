"""What others wrote: names in the form in which they are compared, what people and logs may see."""
