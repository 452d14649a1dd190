"""What people may send on the pages of feeds."""

from django import forms

from ingestion.models import Feed


class UploadForm(forms.Form):
    """A file for a feed."""

    feed = forms.ModelChoiceField(
        queryset=Feed.objects.filter(active=True),
        label="Feed",
        empty_label="Choose…",
        error_messages={
            "required": "Choose the feed that the file is for.",
            "invalid_choice": "There is no such feed.",
        },
    )
    file = forms.FileField(
        label="File",
        max_length=400,
        error_messages={"required": "Choose a file.", "empty": "The file is empty.", "missing": "Choose a file."},
    )
