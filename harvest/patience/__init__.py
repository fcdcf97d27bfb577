"""For how long a job waits, and for what: a day, a wish of the service, a word that ends all."""
