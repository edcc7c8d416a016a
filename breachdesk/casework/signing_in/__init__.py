"""Who somebody is: passwords, second steps, passkeys, links by mail, and how long a sign-in lasts."""
