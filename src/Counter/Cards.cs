using Jpki.Card;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Counter;

/// <summary>
/// The cards that lie at the counters between key pair and delivery, by the subject's unique name. ICカード (CPS 4-1-3,
/// 4-3-1)
/// </summary>
internal sealed class Cards
{
    private readonly string folder;

    public Cards(string folder)
    {
        SecretFile.CreateFolder(folder);
        this.folder = folder;
    }

    public void Put(string name, CardImage card) => card.Write(PathOf(name));

    /// <summary>
    /// Writes the holder's and the governor's certificate; the same again when asked again. (CPS 4-3-1①)
    /// </summary>
    public void Complete(string name, Certificate holder, Certificate governor) =>
        CardImage.Read(PathOf(name)).WithCertificates(holder, governor).Write(PathOf(name));

    public byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    private string PathOf(string name) => Path.Combine(folder, name + ".card");
}
