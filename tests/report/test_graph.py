import mmfusion as mm
from mmfusion.report.diagram import diagram
from mmfusion.report.graph import read_graph
from tests.explain.splits import vector_model


def _by_title(model):
    boxes = read_graph(model)
    names = {key: box.title for key, box in boxes.items()}
    return {
        f"{box.kind} {box.title}": [names[key] for key in box.sources]
        for box in boxes.values()
    }


def test_fusion_is_drawn_as_modalities_encoders_fusion_task():
    found = _by_title(vector_model(optional=("b",)))
    fusion = next(name for name in found if name.startswith("fusion"))
    assert found["modality a"] == [] and found["modality b"] == []
    assert sorted(found[fusion]) == ["a_encoder", "b_encoder"]
    assert found["encoder b_encoder"] == ["b"]  # The flag is no box.
    assert found["task label"] == [fusion.removeprefix("fusion ")]
    assert len(found) == 6


def test_modality_dropout_is_said_of_what_it_drops_and_is_no_box():
    plain, model = (
        vector_model(optional=("b",), **options)
        for options in ({}, {"modality_dropout": 0.3})
    )
    assert len(_by_title(model)) == len(_by_title(plain))
    boxes = read_graph(model)
    told = {b.title for b in boxes.values() if "training: 30%" in str(b.lines)}
    assert told == {"b"}


def test_late_fusion_has_a_head_for_each_and_one_decision():
    found = _by_title(vector_model(late=True))
    decision = next(name for name in found if name.startswith("decision"))
    assert sorted(found[decision]) == ["label_a", "label_b"]
    assert found["task label_a"] == ["a_encoder"]


def test_what_may_be_absent_is_optional_up_to_the_fusion():
    boxes = read_graph(vector_model(optional=("b",), late=True)).values()
    optional = {box.title for box in boxes if box.optional}
    assert optional == {"b", "b_encoder", "label_b"}


def test_a_shared_encoder_is_drawn_for_each_modality():
    shared = mm.encoders.vector_mlp(3, units=4, hidden=(), name="vector")
    model = mm.models.fusion_model(
        {"left": shared, "right": shared},
        mm.fusion.ConcatFusion(4),
        mm.tasks.Classification(2),
    )
    boxes = read_graph(model)
    sources = [box.sources for box in boxes.values() if box.kind == "encoder"]
    assert sorted(sources) == [[("modality", "left")], [("modality", "right")]]


def test_parameters_add_up_to_those_of_the_model():
    model = vector_model()
    counts = [
        int(line.split()[0].replace(",", ""))
        for box in read_graph(model).values()
        for line in box.lines
        if line.endswith("parameters")
    ]
    assert sum(counts) == model.count_params()


def test_the_drawing_names_the_flag():
    drawing = diagram(vector_model(optional=("b",)))
    assert "flag b_present" in drawing and "flag a_present" not in drawing
    assert "Dashed: optional" in drawing
    assert "Dashed" not in diagram(vector_model())
