using System.Security.Cryptography;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Cps.Keys;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>Why a key may not be certified. (CPS 3-1-11, 6-1-2)</summary>
public sealed class KeyObjectionTests
{
    [Fact, Cps("6-1-2-3")]
    public void A_key_of_the_wrong_kind_names_the_field_and_the_clause()
    {
        using TestKey p521 = new(ECDsa.Create(ECCurve.NamedCurves.nistP521));
        var request = CertificationRequest.Create(
            Name.Parse("CN=x"), p521.PublicKey, p521.Algorithm, p521.SignHash);

        var refusal = IssuancePolicy.ObjectionToKey(
            CertificationRequest.Read(request), CryptoPolicy.Current, WeakKeyList.Empty);

        Assert.Equal("6-1-2-3", refusal?.Clause.Number);
        Assert.StartsWith("public key:", refusal?.Reason);
    }

    [Fact, Cps("3-1-11")]
    public void A_key_that_is_not_the_requesters_is_refused()
    {
        using var mine = TestKey.P256();
        using var other = TestKey.P256();
        var request = CertificationRequest.Create(Name.Parse("CN=x"), other.PublicKey, mine.Algorithm, mine.SignHash);

        Assert.Equal(
            "3-1-11", IssuancePolicy.ObjectionToKey(
                CertificationRequest.Read(request), CryptoPolicy.Current, WeakKeyList.Empty)?.Clause.Number);
    }

    [Fact, Cps("6-1-2-1"), Cps("4-4-1-1")]
    public void A_key_seen_before_is_refused_and_a_compromised_one_by_its_own_clause()
    {
        CertificateRow seen = new() { Kind = (long)CertificateKind.Resident, State = 1, Municipality = "11201" };

        Assert.Null(IssuancePolicy.ObjectionToKnown(null));
        Assert.Equal("6-1-2-1", IssuancePolicy.ObjectionToKnown(seen)?.Clause.Number);
        Assert.Equal("4-4-1-1", IssuancePolicy.ObjectionToKnown(seen with { State = 2, Reason = 1 })?.Clause.Number);
    }
}
