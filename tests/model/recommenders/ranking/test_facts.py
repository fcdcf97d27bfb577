from model.recommenders.ranking.facts import COUNTS, WEIGHTS, are_facts, feature_names


def test_every_column_has_a_name_of_its_own():
    names = feature_names(["one", "other"])
    assert len(sorted(set(names))) == len(names)
    assert names[:4] == ["one: score", "one: relative score", "one: place", "other: score"]


def test_places_and_numbers_of_seeds_are_counts_and_votes_and_scores_are_weights():
    names = ["own: score", "own: relative score", "own: place", "votes", "seeds", "popularity"]
    assert are_facts(names, COUNTS).tolist() == [False, False, True, False, True, False]
    assert are_facts(names, WEIGHTS).tolist() == [True, False, False, True, False, False]


def test_every_fact_that_is_counted_or_weighed_is_among_the_columns():
    facts = {name.split(": ")[-1] for name in feature_names(["own"])}
    assert {*COUNTS, *WEIGHTS} <= facts
