using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Startup;

/// <summary>Sign-in at an issuer, emergency access, and the check of their settings.</summary>
internal static class SignInStartup
{
    private const int MaxAnswerBytes = 1024 * 1024;

    /// <summary>Adds what every console needs to know about sign-in, and what an issuer needs where one is configured.</summary>
    public static SignInOptions AddSignIn(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(SignInOptions.Section);
        var signIn = section.Get<SignInOptions>() ?? new SignInOptions();
        builder.Services.AddOptions<SignInOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SignInOptions>, SignInOptionsCheck>();
        builder.Services.AddSingleton(signIn);
        builder.Services.AddSingleton<SignInAudit>();
        builder.Services.AddSingleton<EmergencyAccess>();
        builder.Services.AddScoped<AuthenticationStateProvider, CircuitSignIn>();
        if (!signIn.IsConfigured)
        {
            builder.Services.AddSingleton(services => new SignIns(services.GetRequiredService<TimeProvider>(), services.GetService<ServiceTokenTable>()));
            return signIn;
        }

        builder.Services.AddHttpClient(IssuerDocuments.ClientName, client =>
        {
            client.Timeout = signIn.CallTimeout;
            client.MaxResponseContentBufferSize = MaxAnswerBytes;
        }).RemoveAllLoggers();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IssuerDocuments>();
        builder.Services.AddSingleton<IssuerClient>();
        builder.Services.AddSingleton<IdTokenValidator>();
        builder.Services.AddSingleton<SignInRefusals>();
        builder.Services.AddSingleton<SignInSessions>();
        builder.Services.AddHostedService<NoAdminWarning>();
        builder.Services.AddHostedService<SignInTidying>();
        builder.Services.AddSingleton(services => new SignIns(services.GetRequiredService<TimeProvider>(), services.GetRequiredService<SignInSessions>(), services.GetRequiredService<EmergencyAccess>(), services.GetService<ServiceTokenTable>()));
        var folder = Path.Combine(ConsoleOptions.DataPath(builder), "sessions");
        builder.Services.AddSingleton(services => new SessionFiles(folder, services.GetRequiredService<IDataProtectionProvider>(), services.GetRequiredService<ILogger<SessionFiles>>()));
        return signIn;
    }

    /// <summary>Adds the scheme that signs in at the issuer, where one is configured.</summary>
    public static void AddIssuer(this AuthenticationBuilder authentication, SignInOptions signIn)
    {
        if (signIn.IsConfigured)
        {
            authentication.AddRemoteScheme<IssuerHandlerOptions, IssuerHandler>(IssuerHandler.SchemeName, null, options =>
            {
                options.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                options.Events = new RemoteAuthenticationEvents
                {
                    OnRemoteFailure = static context =>
                    {
                        context.Response.Redirect(SignInFailure.Address((context.Failure as SignInFailure)?.Why ?? SignInFailure.State));
                        context.HandleResponse();
                        return Task.CompletedTask;
                    },
                    OnTicketReceived = static context =>
                    {
                        context.ReturnUri = LocalAddress.Or(context.ReturnUri, "/");
                        return Task.CompletedTask;
                    },
                };
            });
        }
    }
}
