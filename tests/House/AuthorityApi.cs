using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Jpki.Authority.Cmp;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Tests.House;

/// <summary>
/// The counters' door at the Authority as OpenAPI 3.1: the words are here, the shapes come from the forms themselves.
/// </summary>
internal static class AuthorityApi
{
    public const string File = "docs/api/authority.openapi.json";

    private static readonly (string Path, string Summary, Type Form, Type Answer)[] Notices =
    [
        ("/counters/issuance", "発行通知 issue a certificate (CPS 4-2-1)", typeof(IssuanceNotice), typeof(IssuanceAnswer)),
        ("/counters/revocations", "失効処理の依頼 revoke as the holder asks (CPS 4-4-2)",
            typeof(RevocationNotice), typeof(RevocationAnswer)),
        ("/counters/register-events", "異動等失効情報 one register event (CPS 4-4-1-1)",
            typeof(RegisterEventNotice), typeof(RevocationAnswer)),
        ("/counters/register-event-lists", "異動等失効情報の一覧 a list of register events (CPS 2-1-2(25))",
            typeof(RegisterEventList), typeof(RegisterEventReport)),
    ];

    private static readonly Type[] Schemas =
    [
        typeof(BirthDate), typeof(CertifiedAttributes), typeof(CmpSecret), typeof(EndedByEvent), typeof(IssuanceAnswer),
        typeof(IssuanceNotice), typeof(RegisterEvent), typeof(RegisterEventList), typeof(RegisterEventNotice),
        typeof(RegisterEventReport), typeof(RevocationAnswer), typeof(RevocationNotice), typeof(UnmatchedEvent),
    ];

    private static readonly JsonSerializerOptions Shapes = new(FormJson.Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    public static string Today() => new JsonObject
    {
        ["openapi"] = "3.1.0",
        ["info"] = new JsonObject
        {
            ["title"] = "受付窓口端末から知事への通知 / A terminal's notices to the governor",
            ["version"] = "1",
            ["description"] = "相互TLS。端末の証明書の鍵で本文に署名する。拒否は運用規程の条項を示す。 Mutual TLS with the terminal's "
                + "certificate, whose P-256 key also signs each form. Refusals name their clause (RFC 9457). A notice "
                + "sent again under the same noticeId is answered as before. See CMP.md for the same in CMP.",
            ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
        },
        ["servers"] = new JsonArray(new JsonObject { ["url"] = "https://127.0.0.1:7002" }),
        ["security"] = new JsonArray(new JsonObject { ["terminal"] = new JsonArray() }),
        ["paths"] = Paths(),
        ["components"] = new JsonObject
        {
            ["securitySchemes"] = new JsonObject { ["terminal"] = new JsonObject { ["type"] = "mutualTLS" } },
            ["responses"] = Responses(),
            ["schemas"] = new JsonObject(
            [
                .. Schemas.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Name, Shape(t))),
                KeyValuePair.Create<string, JsonNode?>("Problem", Problem()),
            ]),
        },
    }.ToJsonString(Shapes) + "\n";

    private static JsonObject Paths()
    {
        JsonObject paths = new(Notices.Select(n => KeyValuePair.Create<string, JsonNode?>(
            n.Path, new JsonObject { ["post"] = Operation(n.Summary, Signed(n.Form), Json(Reference(n.Answer))) })));
        paths["/counters/cmp"] = new JsonObject
        {
            ["post"] = Operation(
                "CMP (RFC 4210, RFC 6712): ir, cr, kur, rr, certConf", Body("application/pkixcmp", []),
                new JsonObject { ["application/pkixcmp"] = new JsonObject() }),
        };
        paths["/counters/cmp/secret"] = new JsonObject
        {
            ["get"] = Operation("共有秘密 the terminal's shared secret", null, Json(Reference(typeof(CmpSecret)))),
        };
        return paths;
    }

    private static JsonObject Operation(string summary, JsonObject? body, JsonObject answer)
    {
        JsonObject operation = new() { ["summary"] = summary };
        if (body is not null)
            operation["requestBody"] = body;
        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "結果 the answer", ["content"] = answer },
            ["400"] = Response("Malformed"),
            ["403"] = Response("NotYours"),
            ["422"] = Response("Refused"),
            ["503"] = Response("Later"),
        };
        return operation;
    }

    /// <summary>SignedForm, with what its body is.</summary>
    private static JsonObject Signed(Type form) => Body("application/json", new JsonObject
    {
        ["type"] = "object",
        ["required"] = new JsonArray("body", "signature"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["body"] = new JsonObject
            {
                ["type"] = "string",
                ["contentEncoding"] = "base64",
                ["contentMediaType"] = "application/json",
                ["contentSchema"] = Reference(form),
            },
            ["signature"] = new JsonObject
            {
                ["type"] = "string",
                ["contentEncoding"] = "base64",
                ["description"] = "ECDSA P-256, SHA-256, IEEE P1363 (r || s) over the octets of body",
            },
        },
    });

    private static JsonObject Body(string media, JsonObject schema) => new()
    {
        ["required"] = true,
        ["content"] = new JsonObject { [media] = new JsonObject { ["schema"] = schema } },
    };

    private static JsonObject Responses() => new()
    {
        ["Malformed"] = Answer("形式の誤り the octets are malformed"),
        ["NotYours"] = Answer("端末ではない this door is for terminals (CPS 5-2-3)"),
        ["Refused"] = Answer("拒否 refused: title is the clause, detail the reason, field the field"),
        ["Later"] = new JsonObject
        {
            ["description"] = "混雑又は鍵が使えない busy, with the place in the line; or the key cannot sign. Send again.",
            ["headers"] = new JsonObject
            {
                ["Retry-After"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "integer" } },
            },
            ["content"] = ProblemContent(),
        },
    };

    private static JsonObject Answer(string description) =>
        new() { ["description"] = description, ["content"] = ProblemContent() };

    private static JsonObject ProblemContent() => new()
    {
        ["application/problem+json"] = new JsonObject
        {
            ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" },
        },
    };

    private static JsonObject Problem() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string" },
            ["title"] = new JsonObject { ["type"] = "string", ["examples"] = new JsonArray("CPS 4-2-3") },
            ["status"] = new JsonObject { ["type"] = "integer" },
            ["detail"] = new JsonObject { ["type"] = "string" },
            ["field"] = new JsonObject { ["type"] = "string" },
            ["position"] = new JsonObject { ["type"] = "integer" },
        },
    };

    private static JsonObject Response(string name) => new() { ["$ref"] = $"#/components/responses/{name}" };

    private static JsonObject Json(JsonNode schema) =>
        new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Reference(Type type) => new() { ["$ref"] = $"#/components/schemas/{type.Name}" };

    private static JsonNode Shape(Type type) => Shapes.GetJsonSchemaAsNode(type, new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, node) =>
            context.Path.Length > 0 && Schemas.Contains(context.TypeInfo.Type) ? Reference(context.TypeInfo.Type)
            : context.TypeInfo.Type == typeof(byte[])
                ? new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" }
            : node,
    });
}
