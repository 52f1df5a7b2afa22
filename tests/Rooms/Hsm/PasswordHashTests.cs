using System.Security.Cryptography;
using Jpki.Hsm;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

public sealed class PasswordHashTests
{
    private const string SaltAndHash = "MDEyMzQ1Njc4OWFiY2RlZg$rk2Mi3E4dgRMg0fHaYaptWVZRKqs//6b6k3/nntqGJk";

    /// <summary>Written by the reference: <c>argon2 0123456789abcdef -id -t 2 -k 19456 -p 1 -l 32 -e</c>.</summary>
    private const string Reference = "$argon2id$v=19$m=19456,t=2,p=1$" + SaltAndHash;

    [Theory]
    [InlineData(Reference)]
    [InlineData("$argon2id$v=19$m=4096,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$yKu3VvxpnGuioOMoo23yIk+ovTMwsjQzEGrIn1aXYmc")]
    public void The_reference_implementations_hash_is_verified(string encoded)
    {
        Assert.True(PasswordHash.Verify("correct horse", encoded));
        Assert.False(PasswordHash.Verify("correct horsf", encoded));
    }

    [Fact]
    public void Our_hash_is_verified_and_salted()
    {
        using var random = RandomNumberGenerator.Create();

        var hash = PasswordHash.Create("暗証番号 1234", random);

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", hash);
        Assert.True(PasswordHash.Verify("暗証番号 1234", hash));
        Assert.False(PasswordHash.Verify("", hash));
        Assert.NotEqual(hash, PasswordHash.Create("暗証番号 1234", random));
    }

    [Theory]
    [InlineData("empty", "")]
    [InlineData("another function", "$argon2i$v=19$m=19456,t=2,p=1$" + SaltAndHash)]
    [InlineData("no version", "$argon2id$m=19456,t=2,p=1$" + SaltAndHash)]
    [InlineData("two lanes", "$argon2id$v=19$m=19456,t=2,p=2$" + SaltAndHash)]
    [InlineData("4 GiB", "$argon2id$v=19$m=4194304,t=2,p=1$" + SaltAndHash)]
    [InlineData("a million passes", "$argon2id$v=19$m=19456,t=1000000,p=1$" + SaltAndHash)]
    [InlineData("overflowing passes", "$argon2id$v=19$m=19456,t=99999999999,p=1$" + SaltAndHash)]
    [InlineData("short salt", "$argon2id$v=19$m=19456,t=2,p=1$MDEy$rk2Mi3E4dgRMg0fHaYaptWVZRKqs//6b6k3/nntqGJk")]
    [InlineData("empty hash", "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$")]
    [InlineData("not base64", "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$!!!")]
    public void A_stored_string_that_is_not_ours_is_malformed(string _, string encoded) =>
        Assert.Throws<FormatException>(() => PasswordHash.Verify("correct horse", encoded));
}
