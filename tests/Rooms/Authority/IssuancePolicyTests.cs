using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Cps.Keys;
using Jpki.Forms;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>What the Authority makes of a notice, whatever the counter has let through.</summary>
public sealed class IssuancePolicyTests
{
    private const string TerminalId = "11201T001";

    private static readonly DateOnly Today = new(2026, 11, 24);

    public static TheoryData<string, Func<IssuanceNotice, IssuanceNotice>, string?, string> Faults => new()
    {
        { "another municipality", n => n with { Municipality = "11209" }, null, "5-1-2-2" },
        { "a short subject", n => n with { SubjectCommonName = "1" }, "subjectCommonName", "3-1-1" },
        { "a subject on 30 February", n => n with { SubjectCommonName = "202602301000000000111201T001" },
            "subjectCommonName", "3-1-1" },
        { "髙", n => Of(n, p => p with { CommonName = "髙本　花子" }), "commonName", "3-1-8" },
        { "few flags", n => Of(n, p => p with { CommonNameSubstitutes = "0000" }), "commonNameSubstitutes", "4-2-2" },
        { "a flag of x", n => Of(n, p => p with { AddressSubstitutes = "000000000x" }), "addressSubstitutes", "4-2-2" },
        { "29 February", n => Of(n, p => p with { BirthDate = new(Era.Showa, 1981, 2, 29) }), "birthDate", "3-1-7" },
        { "the wrong era", n => Of(n, p => p with { BirthDate = new(Era.Taisho, 1980, 2, 17) }), "birthDate", "3-1-7" },
        { "tomorrow", n => Of(n, p => p with { BirthDate = new(Era.Reiwa, 2026, 11, 25) }), "birthDate", "3-1-7" },
        { "no gender", n => Of(n, p => p with { Gender = 0 }), "gender", "3-1-7" },
        { "201 characters", n => Of(n, p => p with { Address = new('架', 201) }), "address", "4-2-2" },
        { "elsewhere", n => Of(n, p => p with { Address = "埼玉県飯能市架空町１" }), "address", "3-1-9" },
    };

    [Fact, Cps("4-2-1")]
    public void A_good_notice_meets_no_objection() => Assert.Null(Objection(n => n));

    [Theory, MemberData(nameof(Faults)), Cps("3-1-7"), Cps("3-1-8"), Cps("4-2-3")]
    public void A_fault_is_refused_with_its_field_and_clause(
        string _, Func<IssuanceNotice, IssuanceNotice> fault, string? field, string clause)
    {
        var refusal = Objection(fault);

        Assert.Equal((field, clause), (refusal?.Field, refusal?.Clause.Number));
    }

    private static Refusal? Objection(Func<IssuanceNotice, IssuanceNotice> change)
    {
        using var key = TestKey.P256();
        var request = CertificationRequest.Create(
            Name.Parse("CN=somebody,C=JP"), key.PublicKey, key.Algorithm, key.SignHash);
        var notice = change(new()
        {
            NoticeId = "N1",
            Municipality = "11201",
            SubjectCommonName = "202611241000000000111201T001",
            Attributes = new()
            {
                CommonName = "見本　花子",
                CommonNameSubstitutes = "00000",
                BirthDate = new(Era.Showa, 1980, 2, 17),
                Gender = Gender.Female,
                Address = "埼玉県川越市架空町１",
                AddressSubstitutes = "0000000000",
            },
            CertificationRequest = request,
            Officer = "kawagoe-1",
            At = new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero),
        });
        using var certificate = new CertificateRequest($"OU=Terminal,CN={TerminalId}", (ECDsa)key.Key,
            HashAlgorithmName.SHA256).CreateSelfSigned(notice.At, notice.At.AddYears(1));
        return IssuancePolicy.Objection(
            notice, CertificationRequest.Read(request), Caller.Of(certificate)!, CryptoPolicy.Current,
            WeakKeyList.Empty, Today);
    }

    private static IssuanceNotice Of(IssuanceNotice notice, Func<CertifiedAttributes, CertifiedAttributes> change) =>
        notice with { Attributes = change(notice.Attributes) };
}
