using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.X509;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>
/// Each impossible notice is refused with the field that is wrong and the clause it is wrong by. (CPS 4-2-3)
/// </summary>
public sealed class IssuancePolicyTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 3, 0, 0, TimeSpan.Zero);

    private readonly ScratchFolder scratch = new();
    private readonly TestKey key = TestKey.P256();
    private readonly X509Certificate2 terminal;

    public IssuancePolicyTests()
    {
        using var ecdsa = ECDsa.Create();
        terminal = new CertificateRequest("CN=x", ecdsa, HashAlgorithmName.SHA256).CreateSelfSigned(Now,
            Now.AddDays(1));
    }

    public void Dispose()
    {
        terminal.Dispose();
        key.Dispose();
        scratch.Dispose();
    }

    [Fact, Cps("4-2-3")]
    public void A_sound_notice_meets_no_objection() => Assert.Null(Objection(a => a));

    [Theory, Cps("3-1-7")]
    [InlineData(1981, 2, 29)]
    [InlineData(2026, 13, 1)]
    [InlineData(2026, 4, 2)]
    [InlineData(1800, 1, 1)]
    public void An_impossible_date_names_the_field_and_the_clause(int year, int month, int day)
    {
        var refusal = Objection(a => a with { BirthDate = new(Era.Showa, year, month, day) });

        Assert.Equal("3-1-7", refusal?.Clause.Number);
        Assert.StartsWith("date of birth:", refusal?.Reason);
    }

    [Theory, Cps("3-1-7")]
    [InlineData(0)]
    [InlineData(201)]
    public void An_address_of_the_wrong_length_names_the_field_and_the_clause(int length)
    {
        var refusal = Objection(a => a with { Address = new('あ', length), AddressSubstitutes = new('0', length) });

        Assert.Equal("3-1-7", refusal?.Clause.Number);
        Assert.StartsWith("address:", refusal?.Reason);
    }

    [Fact, Cps("6-1-2-3")]
    public void A_key_of_the_wrong_kind_names_the_field_and_the_clause()
    {
        using TestKey p521 = new(ECDsa.Create(ECCurve.NamedCurves.nistP521));

        var refusal = Objection(a => a, p521);

        Assert.Equal("6-1-2-3", refusal?.Clause.Number);
        Assert.StartsWith("public key:", refusal?.Reason);
    }

    [Fact, Cps("3-1-11")]
    public void A_key_that_is_not_the_requesters_is_refused()
    {
        using var other = TestKey.P256();
        var request = CertificationRequest.Create(Name.Parse("CN=x"), other.PublicKey, key.Algorithm, key.SignHash);

        Assert.Equal(
            "3-1-11", IssuancePolicy.ObjectionToKey(
                CertificationRequest.Read(request), CryptoPolicy.Current,
                    Jpki.Cps.Keys.WeakKeyList.Empty)?.Clause.Number);
    }

    [Fact, Cps("6-1-2-1"), Cps("4-4-1-1")]
    public void A_key_seen_before_is_refused_and_a_compromised_one_by_its_own_clause()
    {
        CertificateRow seen = new(1, 2, (long)CertificateKind.Resident, 1, "11201", 0, null, null);

        Assert.Null(IssuancePolicy.ObjectionToKnown(null));
        Assert.Equal("6-1-2-1", IssuancePolicy.ObjectionToKnown(seen)?.Clause.Number);
        Assert.Equal("4-4-1-1", IssuancePolicy.ObjectionToKnown(seen with { State = 2, Reason = 1 })?.Clause.Number);
    }

    private Refusal? Objection(Func<CertifiedAttributes, CertifiedAttributes> bend, TestKey? with = null)
    {
        var holder = with ?? key;
        var request = CertificationRequest.Create(
            Name.Parse("CN=x"), holder.PublicKey, SignatureAlgorithm.EcdsaSha256, holder.SignHash);
        IssuanceNotice notice = new()
        {
            NoticeId = "1",
            Municipality = "11201",
            SubjectCommonName = "2026040109000000001" + "11201T001",
            CertificationRequest = request,
            Officer = "officer",
            At = Now,
            Attributes = bend(new()
            {
                CommonName = "埼玉　太郎",
                CommonNameSubstitutes = "00000",
                BirthDate = new(Era.Showa, 1980, 2, 17),
                Gender = Gender.Male,
                Address = "埼玉県",
                AddressSubstitutes = "000",
            }),
        };
        return IssuancePolicy.Objection(
            notice, CertificationRequest.Read(request), new(CallerRole.Terminal, "11201T001", terminal), Options());
    }

    private AuthorityOptions Options() => new()
    {
        Folder = scratch.Root,
        Database = scratch["store.db"],
        Hsm = HsmLocation.Software.Open(scratch["keys"]),
        Names = PrefectureNames.Sandbox,
        Clock = new FakeTimeProvider(Now),
        Random = RandomNumberGenerator.Create(),
    };
}
