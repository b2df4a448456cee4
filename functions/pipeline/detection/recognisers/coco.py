"""The 80 classes of COCO in the order of a detector's outputs, and the wider category of each where people use one."""

from __future__ import annotations

# (category or "", the classes in it): COCO numbers its classes by category.
_GROUPS = (
    ("", "Person"),
    ("Vehicle", "Bicycle, Car, Motorcycle, Airplane, Bus, Train, Truck, Boat"),
    ("", "Traffic light, Fire hydrant, Stop sign, Parking meter, Bench"),
    ("Animal", "Bird, Cat, Dog, Horse, Sheep, Cow, Elephant, Bear, Zebra, Giraffe"),
    ("", "Backpack, Umbrella, Handbag, Tie, Suitcase"),
    ("Sports equipment", "Frisbee, Skis, Snowboard, Sports ball, Kite, Baseball bat, Baseball glove, Skateboard"),
    ("Sports equipment", "Surfboard, Tennis racket"),
    ("Tableware", "Bottle, Wine glass, Cup, Fork, Knife, Spoon, Bowl"),
    ("Food", "Banana, Apple, Sandwich, Orange, Broccoli, Carrot, Hot dog, Pizza, Donut, Cake"),
    ("Furniture", "Chair, Couch"),
    ("", "Potted plant"),
    ("Furniture", "Bed, Dining table"),
    ("", "Toilet"),
    ("Electronics", "TV, Laptop, Mouse, Remote, Keyboard, Cell phone"),
    ("Home appliance", "Microwave, Oven, Toaster, Sink, Refrigerator"),
    ("", "Book, Clock, Vase, Scissors, Teddy bear, Hair drier, Toothbrush"),
)
NAMES = tuple(name for _, group in _GROUPS for name in group.split(", "))
CATEGORIES = tuple(category for category, group in _GROUPS for _ in group.split(", "))
