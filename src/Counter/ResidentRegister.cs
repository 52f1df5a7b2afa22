using System.Data.Common;
using System.Globalization;
using Dapper;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>The resident registers of all municipalities, each seen only by its own officers. 住民基本台帳</summary>
public sealed class ResidentRegister(Store store, TimeProvider clock)
{
    private const int MostFound = 100;

    private const string Selected = """
        id AS Id, municipality AS Municipality, name AS Name, name_kana AS NameKana, alias AS Alias, birth AS Birth,
        gender AS Gender, address AS Address, is_foreign AS IsForeign, status AS Status
        """;

    /// <summary>Fills an empty register with made-up people; does nothing when somebody is in it already.</summary>
    public Task<int> Seed(int count, string seed, DateTimeOffset at) => store.Write(tx =>
    {
        if (tx.QueryFirstOrDefault<string>("SELECT id FROM residents LIMIT 1") is not null)
            return 0;
        var made = 0;
        foreach (var person in MadeUpPeople.Of(count, seed))
        {
            Add(tx, person);
            made++;
        }
        tx.Record(new("resident-register", at, "seeded", "counter",
            string.Create(CultureInfo.InvariantCulture, $"{made} made-up people")));
        return made;
    });

    /// <summary>Of this municipality only; null when there is no such person in it.</summary>
    public Resident? Find(string id, string municipality) => store.Read(db =>
        Rows(db, $"SELECT {Selected} FROM residents WHERE id = @id AND municipality = @municipality",
            new { id, municipality })
            .FirstOrDefault());

    /// <summary>By the beginning of a name or its kana; everybody when <paramref name="query"/> is empty.</summary>
    /// <param name="municipality">Whose register.</param>
    /// <param name="query">What was typed.</param>
    /// <param name="withoutCertificate">
    /// Only those present who hold no live certificate and have no application under way.
    /// </param>
    /// <param name="limit">At most 100.</param>
    public IReadOnlyList<Resident> Search(string municipality, string query, bool withoutCertificate, int limit)
    {
        var free = withoutCertificate
            ? """
                AND status = 0
                AND NOT EXISTS (SELECT 1 FROM certificates c WHERE c.resident = residents.id AND c.ended_at IS NULL
                    AND c.not_after >= @now)
                AND NOT EXISTS (SELECT 1 FROM applications a WHERE a.resident = residents.id AND a.state <> 'Refused'
                    AND a.state <> 'Delivered')
                """
            : "";
        return store.Read(db => Rows(db, $"""
            SELECT {Selected} FROM residents WHERE municipality = @municipality
                AND (name LIKE @like OR name_kana LIKE @like OR alias LIKE @like)
                {free}
            ORDER BY id LIMIT @limit
            """,
            new
            {
                municipality,
                like = FullWidth.Of(string.Concat(query.Where(c => !char.IsControl(c))).Trim()) + "%",
                limit = Math.Clamp(limit, 0, MostFound),
                now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            }));
    }

    /// <summary>Those who may be meant by an application: the same name or the same date of birth.</summary>
    internal IReadOnlyList<Resident> Candidates(
        string municipality, FourAttributes written) => store.Read(db => Rows(db, $"""
        SELECT {Selected} FROM residents
        WHERE municipality = @municipality AND status = 0 AND (name = @name OR birth = @birth) LIMIT 1000
        """, new { municipality, name = FullWidth.Of(written.Name.Trim()), birth = written.BirthDate.Code }));

    internal static void Add(StoreTransaction tx, Resident person) => tx.Command("""
        INSERT INTO residents (id, municipality, name, name_kana, alias, birth, gender, address, is_foreign, status)
        VALUES (@id, @municipality, @name, @kana, @alias, @birth, @gender, @address, @foreign, @status)
        """)
        .Set("id", person.Id).Set("municipality", person.Municipality).Set("name", person.Attributes.Name)
        .Set("kana", person.NameKana).Set("alias", person.Attributes.Alias)
        .Set("birth", person.Attributes.BirthDate.Code).Set("gender", (long)person.Attributes.Gender)
        .Set("address", person.Attributes.Address).Set("foreign", person.IsForeign ? 1L : 0L)
        .Set("status", (long)person.Status).Execute();

    internal static IReadOnlyList<Resident> All(StoreTransaction tx, string municipality) =>
        tx.Command($"SELECT {Selected} FROM residents WHERE municipality = @municipality")
            .Set("municipality", municipality).Query(Read);

    internal static Resident? Find(StoreTransaction tx, string id) =>
        tx.Command($"SELECT {Selected} FROM residents WHERE id = @id").Set("id", id).Query(Read) is [var found]
            ? found : null;

    internal static void Update(StoreTransaction tx, Resident resident) => tx.Execute("""
        UPDATE residents SET name = @name, name_kana = @kana, alias = @alias, birth = @birth, gender = @gender,
            address = @address, is_foreign = @foreign, status = @status WHERE id = @id
        """, new
    {
        id = resident.Id,
        name = resident.Attributes.Name,
        kana = resident.NameKana,
        alias = resident.Attributes.Alias,
        birth = resident.Attributes.BirthDate.Code,
        gender = (long)resident.Attributes.Gender,
        address = resident.Attributes.Address,
        foreign = resident.IsForeign ? 1L : 0L,
        status = (long)resident.Status,
    });

    /// <summary>In the order of <see cref="Selected"/>.</summary>
    private static Resident Read(DbDataReader row) => new ResidentRow
    {
        Id = row.GetString(0),
        Municipality = row.GetString(1),
        Name = row.GetString(2),
        NameKana = row.GetString(3),
        Alias = row.IsDBNull(4) ? null : row.GetString(4),
        Birth = row.GetString(5),
        Gender = row.GetInt64(6),
        Address = row.GetString(7),
        IsForeign = row.GetInt64(8),
        Status = row.GetInt64(9),
    }.ToResident();

    private static List<Resident> Rows(DbConnection db, string sql, object values) =>
        [.. db.Query<ResidentRow>(sql, values).Select(r => r.ToResident())];

    private sealed record ResidentRow
    {
        public string Id { get; init; } = "";

        public string Municipality { get; init; } = "";

        public string Name { get; init; } = "";

        public string NameKana { get; init; } = "";

        public string? Alias { get; init; }

        public string Birth { get; init; } = "";

        public long Gender { get; init; }

        public string Address { get; init; } = "";

        public long IsForeign { get; init; }

        public long Status { get; init; }

        public Resident ToResident() => new()
        {
            Id = Id,
            Municipality = Municipality,
            NameKana = NameKana,
            IsForeign = IsForeign != 0,
            Status = (ResidentStatus)Status,
            Attributes = new()
            {
                Name = Name,
                Alias = Alias,
                BirthDate = Eras.Parse(Birth) ?? throw new FormatException("the register has no date of birth"),
                Gender = (Gender)Gender,
                Address = Address,
            },
        };
    }
}
