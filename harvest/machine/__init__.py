"""What this machine gives: processors, machine code, room, rights."""
