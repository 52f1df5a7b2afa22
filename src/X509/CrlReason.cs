namespace Jpki.X509;

/// <summary>Every CRLReason of RFC 5280 5.3.1, for reading other people's CRLs; 7 is not used. 失効理由コード</summary>
public enum CrlReason
{
    Unspecified = 0,
    KeyCompromise = 1,
    CaCompromise = 2,
    AffiliationChanged = 3,
    Superseded = 4,
    CessationOfOperation = 5,
    CertificateHold = 6,
    RemoveFromCrl = 8,
    PrivilegeWithdrawn = 9,
    AaCompromise = 10,
}
