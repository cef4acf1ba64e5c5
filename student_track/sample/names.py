"""Names of fictional students: first and last names of many languages, combined by chance."""

from random import Random

MOST_WITHOUT_INITIAL = 4000
"""So many students share no first and last name; of a larger school the others have a middle initial."""
INITIALS = "ABCDEFGHIJKLMNOPRSTUVWYZ"
FIRST_NAMES = (
    "Aaliyah Adam Agnès Aisha Alba Amir Ana Anton Anwen Arjun Asha Astrid Ayo Bea Ben Bilal Bram Caitlín Callum Carys "
    "Cem Chloé Clara Dafydd Daria David Dilan Dylan Edie Elif Ella Emil Emre Erin Esther Eva Farah Felix Finn Freya "
    "Gabriel Grace Greta Hana Harper Hasan Hugo Ida Idris Imani Inés Iris Isaac Ivo Jamal Jana Jonas José Josie Juno "
    "Kai Karim Kezia Kofi Lars Layla Leo Lena Liv Lucía Luca Maja Malik Mara Mateo Maya Mei Milo Mina Nadia Naomi Nia "
    "Noah Nora Oisín Olga Omar Oscar Otto Petra Priya Rafael Rania Reza Rhys Rosa Ruben Sadia Saoirse Selin Sena Simon "
    "Sofia Soren Tamar Tariq Tess Theo Tom Una Vera Viktor Wanda Wen Xenia Yara Yusuf Zara Zoë"
).split()
LAST_NAMES = (
    "Abara Adeyemi Ahmed Álvarez Andersen Baker Banerjee Becker Bello Berg Boateng Brandt Byrne Campbell Castro Chen "
    "Chowdhury Clarke Cohen Costa Czerny D'Arcy Dahl Davies Demir Diallo Doyle Dubois Eriksen Evans Farouk Fernández "
    "Fischer Flores Fofana Garcia Ghosh Grant Gruber Haddad Hansen Hughes Hussain Ibrahim Ivanova Jansen Jones Joshi "
    "Kaya Keller Khan Kim Kowalski Kumar Laurent Lee Lewis Lindqvist Lopez MacLeod Mahmoud Malik Marino Mensah Meyer "
    "Molnár Moreau Morgan Müller Murphy Nakamura Ndiaye Nguyen Novak Nowak O'Brien O'Neill Okafor Olsen Ortiz Osei "
    "Park Patel Pereira Petrov Price Quinn Rahman Reyes Rossi Roy Said Santos Schmidt Sharma Silva Singh Sørensen Tan "
    "Thomas Tóth Ueda Varga Walsh Weber Williams Wójcik Wong Yilmaz Young Zeller Zhang"
).split()


def names(count: int, random: Random) -> list[str]:
    """Return so many different names."""
    plain: dict[str, None] = {}
    while len(plain) < min(count, MOST_WITHOUT_INITIAL):
        plain[f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"] = None
    longer: dict[str, None] = {}
    while len(longer) < count - len(plain):
        first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
        longer[f"{first} {random.choice(INITIALS)}. {last}"] = None
    return [*plain, *longer]


STAFF = (
    "okoro",
    "lindgren",
    "haddad",
    "price",
    "moreau",
    "tanaka",
    "walsh",
    "silva",
    "novak",
    "reid",
    "osei",
    "brandt",
)
