"""What an item says of itself."""

from xlplan.model.item import NO_ITEM, Item


def test_a_row_about_no_item_says_nothing_in_the_further_columns_of_the_items() -> None:
    item = Item("1", "", "", "Forms", "", "D1", extra={"Ward": "North"})

    assert [one.shown("Ward") for one in (item, NO_ITEM)] == ["North", ""]
    assert [one.shown("title") for one in (item, NO_ITEM)] == ["Forms", ""]
