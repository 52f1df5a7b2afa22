namespace Jpki.Card;

/// <summary>What survives when the card leaves the reader. 不揮発性メモリ</summary>
/// <param name="image">What it holds now.</param>
/// <param name="write">Makes the next state durable before it returns, whole or not at all.</param>
internal sealed class CardMemory(CardImage image, Action<CardImage> write)
{
    public CardImage Image { get; private set; } = image;

    public void Change(KeyPurpose purpose, Func<KeySlot, KeySlot> change) =>
        Remember(Image.With(purpose, change(Image[purpose])));

    public void Remember(CardImage next)
    {
        write(next);
        Image = next;
    }
}
