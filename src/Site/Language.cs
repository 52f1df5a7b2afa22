namespace Jpki.Site;

/// <summary>Japanese first, English second.</summary>
internal enum Language
{
    Japanese,
    English,
}
