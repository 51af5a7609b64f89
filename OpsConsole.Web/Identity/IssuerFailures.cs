namespace OpsConsole.Web.Identity;

/// <summary>The issuer cannot be asked now: it does not answer, answers with a fault of its own, or does not know the console.</summary>
internal sealed class IssuerAwayException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The issuer says no: the code or the sign-in does not hold.</summary>
internal sealed class IssuerRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What came as an ID token is not one for this console, this sign-in and this moment. The message never holds any of it.</summary>
internal sealed class IdTokenException(string message) : Exception(message);
