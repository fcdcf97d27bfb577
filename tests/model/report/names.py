"""Names that would break a page that took them for anything but text."""

NAMES = ["<script>alert(1)</script>", "😀🎉 vibes", "موسيقى هادئة", "x" * 400, "Chill!", "Rock"]
TITLES = [
    "<script>window.broken=1</script>",
    "<img src=x onerror=window.broken=1>",
    "أغنية عربية",
    "😀 夏",
    "w" * 400,
    "\u202eright to left",
    "{{ 7 * 7 }}",
]
