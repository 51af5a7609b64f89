using System.Text.Json.Nodes;

namespace OpsConsole.Core.Targets.Kubernetes;

/// <summary>One object as the API server wrote it, and the notes that the console leaves on it.</summary>
internal sealed class KubeObject
{
    private const string ActionNote = "opsconsole/action", HeldNote = "opsconsole/held";

    /// <param name="json">The whole object.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public KubeObject(JsonObject json)
    {
        var metadata = json["metadata"] as JsonObject ?? throw new FormatException("No metadata.");
        Json = json;
        Name = metadata.Text("name") ?? throw new FormatException("No name.");
        Uid = metadata.Text("uid") ?? throw new FormatException("No uid.");
        ResourceVersion = metadata.Text("resourceVersion") ?? throw new FormatException("No version of the object.");
        Generation = metadata.Number("generation");
        var notes = metadata["annotations"] as JsonObject;
        ActionId = Guid.TryParse(notes?.Text(ActionNote), out var id) ? id : null;
        IsHeld = notes?.Text(HeldNote) is not null;
    }

    /// <summary>What a note on it says; null where there is none.</summary>
    public string? Note(string name) => Json.Part("metadata").Part("annotations").Text(name);

    public JsonObject Json { get; }

    public string Name { get; }

    public string Uid { get; }

    public string ResourceVersion { get; }

    /// <summary>Grows with every change of what shall be.</summary>
    public long Generation { get; }

    /// <summary>The console's action that changed it last; null where none did.</summary>
    public Guid? ActionId { get; }

    /// <summary>True where it is paused to stay at a share that it came to, and not because of a halt.</summary>
    public bool IsHeld { get; }

    /// <summary>The patch of the object that an edit comes to, with the action noted; null where it changes nothing.</summary>
    public JsonObject? Patch(Guid action, Action<JsonObject> edit)
    {
        var wanted = (JsonObject)Json.DeepClone();
        edit(wanted);
        if (MergePatch.Between(Json, wanted) is not { } patch)
        {
            return null;
        }

        Notes(Child(patch, "metadata"))[ActionNote] = action.ToString("D");
        return For(patch);
    }

    /// <summary>A patch of the status, which is another resource of the API.</summary>
    public JsonObject StatusPatch(JsonObject status) => For(new JsonObject { ["status"] = status });

    /// <summary>Notes on a copy of the object that it is paused to hold its share, or that it is not.</summary>
    public static void Hold(JsonObject wanted, bool held) => SetNote(wanted, HeldNote, held ? "true" : null);

    /// <summary>Leaves a note on a copy of the object, or takes it off.</summary>
    public static void SetNote(JsonObject wanted, string name, string? value)
    {
        var metadata = Child(wanted, "metadata");
        if (value is not null)
        {
            Notes(metadata)[name] = value;
        }
        else if (metadata["annotations"] is JsonObject notes)
        {
            notes.Remove(name);
        }
    }

    /// <summary>Pauses a copy of the object, or lets it go on; either way it is not held any more.</summary>
    /// <param name="paused">Whether it shall be paused.</param>
    /// <param name="field">What its specification calls that.</param>
    public static Action<JsonObject> Pause(bool paused, string field = "paused") => wanted =>
    {
        Hold(wanted, held: false);
        var spec = wanted.Part("spec");
        if (spec.Flag(field) != paused)
        {
            spec[field] = paused;
        }
    };

    private JsonObject For(JsonObject patch)
    {
        Child(patch, "metadata")["resourceVersion"] = ResourceVersion;
        return patch;
    }

    private static JsonObject Notes(JsonObject metadata) => Child(metadata, "annotations");

    private static JsonObject Child(JsonObject of, string name)
    {
        if (of[name] is not JsonObject child)
        {
            of[name] = child = [];
        }

        return child;
    }
}
