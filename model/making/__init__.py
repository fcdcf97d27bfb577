"""Songs and a wish -> a playlist, with a reason for each of its songs."""
