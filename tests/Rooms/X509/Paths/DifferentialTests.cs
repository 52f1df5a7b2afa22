using System.Globalization;
using Jpki.Tests.House;
using Jpki.X509.Paths;
using Xunit;

namespace Jpki.Tests.Rooms.X509.Paths;

/// <summary>
/// Chains thrown by dice, judged by OpenSSL too. A few in every run; JPKI_DIFFERENTIAL=5000 throws as many, and
/// JPKI_DIFFERENTIAL_FROM says where to begin. docs/VALIDATION.md explains every disagreement there is.
/// </summary>
public sealed class DifferentialTests
{
    private static readonly int Count = Number("JPKI_DIFFERENTIAL", 60);
    private static readonly int From = Number("JPKI_DIFFERENTIAL_FROM", 1);

    [Fact]
    public void OpenSSL_agrees_on_chains_thrown_by_dice()
    {
        using ScratchFolder folder = new();
        PathValidator validator = new(TimeProvider.System);
        var valid = 0;
        Findings.None(Enumerable.Range(From, Count).Select(seed =>
        {
            RandomHierarchy chain = new(seed);
            var ours = validator.Validate(chain.Pool, chain.Question);
            var theirs = chain.AskOpenssl(folder);
            valid += ours.IsValid ? 1 : 0;
            return ours.IsValid == (theirs == "OK") || Disagreement.IsKnown(chain, theirs) ? null
                : $"seed {seed}: we say {(ours.IsValid ? "valid" : ours.Objection)}; OpenSSL: {theirs}\n"
                    + chain.Describe(folder);
        }).OfType<string>());
        Assert.InRange(valid, Count / 20, Count * 19 / 20); // dice that always fall alike prove nothing
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var n)
            ? n : otherwise;

    /// <summary>
    /// Where OpenSSL differs and the standard is on our side; each has its paragraph in docs/VALIDATION.md.
    /// </summary>
    private static class Disagreement
    {
        public static bool IsKnown(RandomHierarchy chain, string theirs) => AsksAboutTheAnchor(chain, theirs)
            || TakesNoOtherPoint(chain, theirs) || ValidatesNoCrlPathWithinAnother(theirs);

        /// <summary>
        /// RFC 5280 6.3.3, last paragraph: also CRLs "not specified in a distribution point" are to be tried.
        /// </summary>
        private static bool TakesNoOtherPoint(RandomHierarchy chain, string theirs) =>
            chain.HasScopeOfIssuersName && theirs.Contains("different CRL scope", StringComparison.Ordinal);

        /// <summary>The CRL's key is that of a self-issued certificate, whose own status is on a CRL again.</summary>
        private static bool ValidatesNoCrlPathWithinAnother(string theirs) =>
            theirs.Contains("CRL path validation error", StringComparison.Ordinal);

        /// <summary>
        /// -crl_check_all wants a CRL for the anchor too, which RFC 5280 6.1 takes no part in the path.
        /// </summary>
        private static bool AsksAboutTheAnchor(RandomHierarchy chain, string theirs) =>
            theirs.Contains($"at {chain.AnchorDepth} depth lookup: different CRL scope", StringComparison.Ordinal)
            || theirs.Contains($"at {chain.AnchorDepth} depth lookup: unable to get certificate CRL",
                StringComparison.Ordinal);
    }
}
