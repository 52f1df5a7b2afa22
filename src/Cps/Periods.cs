namespace Jpki.Cps;

/// <summary>Every length of time that the practice statement fixes. 有効期間・周期</summary>
public static class Periods
{
    /// <summary>How long a CRL or ARL may be relied on. (CPS 4-4-9)</summary>
    public static readonly TimeSpan CrlValidity    = TimeSpan.FromHours(72);

    /// <summary>From one scheduled CRL to the next. (CPS 4-4-9)</summary>
    public static readonly TimeSpan CrlInterval    = TimeSpan.FromHours(24);

    /// <summary>A resident's certificate. (CPS 1-3-2①)</summary>
    public const int ResidentYears      = 3;

    /// <summary>A cross certificate, from the day it takes effect. (CPS 1-3-2②)</summary>
    public const int CrossYears         = 5;

    /// <summary>The certificate of the validation server. (CPS 1-3-2③)</summary>
    public const int ValidationServerYears = 1;

    /// <summary>The governor's self-signed certificate. (CPS 6-3-1-2)</summary>
    public const int SelfSignedYears    = 10;

    /// <summary>How long the governor signs with one key, from the day it was made. (CPS 4-13, 6-3-1-2)</summary>
    public const int GovernorKeyYears   = 5;

    /// <summary>The certificate of an OCSP responder. (CPS 1-3-2④)</summary>
    public const int OcspResponderYears = 1;

    /// <summary>Papers and records. (CPS 4-12-1-2, 4-12-2-2)</summary>
    public const int RecordYears        = 10;

    /// <summary>Papers of applications for residents' certificates. (CPS 4-12-1-2)</summary>
    public const int ApplicationYears   = 13;
}
