namespace Jpki.Cps;

/// <summary>A clause of the practice statement, by its own number: <c>4-4-9</c>. 運用規程の条項</summary>
public readonly record struct Clause(string Number)
{
    public static implicit operator Clause(string number) => new(number);

    public override string ToString() => $"CPS {Number}";
}
