using Microsoft.AspNetCore.Antiforgery;

namespace OpsConsole.Web.Identity;

/// <summary>Tells forms of the console's own pages from all others.</summary>
internal static class OwnForms
{
    /// <summary>True for a form that this console gave to this browser; false also for what cannot be read as a form at all.</summary>
    public static async Task<bool> IsOwnFormAsync(this IAntiforgery antiforgery, HttpContext context)
    {
        try
        {
            return await antiforgery.IsRequestValidAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }
}
