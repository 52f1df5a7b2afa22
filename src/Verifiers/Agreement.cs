namespace Jpki.Verifiers;

/// <summary>What a verifier promises before it is told anything. 取決め (CPS 2-1-6, 2-1-7)</summary>
internal static class Agreement
{
    /// <summary>The text that is signed, word for word.</summary>
    public static string For(string id, string name) =>
        $"""
        失効情報等の提供に関する取決め（検証用サンドボックス）
        届出番号 {id}
        {name} は、次のとおり約します。
        一 電子署名の検証及び電子証明書の有効性の確認以外の目的に電子証明書を利用しないこと（2-1-6(3)）
        二 失効情報等の秘密を保持し、適正に使用すること（2-1-6(6)）
        三 失効情報等の安全を確保すること（2-1-6(7)）
        四 総務大臣及び知事からの報告の要求を受け入れること（2-1-6(5)）
        五 情報提供手数料を納付すること（2-1-6(8)）

        """.ReplaceLineEndings("\n");
}
