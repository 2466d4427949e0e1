using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Consumers;
using Prometheus.Synthetic.Messaging.FragilityRefresh;
using Prometheus.Synthetic.Messaging.Generation;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Messaging.Journal;
using Prometheus.Synthetic.Messaging.MonthlyRefresh;
using Prometheus.Synthetic.Messaging.Policies;
using Prometheus.Synthetic.Messaging.Reconciler;
using Prometheus.Synthetic.Messaging.Sagas;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Journal;

namespace Prometheus.Synthetic.Messaging.Bus;

/// <summary>
/// The bus: plain JSON on the wire in both directions, exchanges named by the contract, durable quorum queues, retry for
/// what goes away by itself, outputs held back until state is saved.
/// </summary>
public static class SyntheticBus
{
    /// <summary>Everything a worker listens to.</summary>
    public static IServiceCollection AddSyntheticWorkerBus(this IServiceCollection services, BusOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<GenerationStarter>();
        services.AddSingleton<GenerationFailure>();
        services.AddSingleton<InboundGate>();
        services.AddSingleton<SagaStatusReader>();
        services.AddSyntheticPolicies();
        services.AddSingleton(p => PolicyLibrary.Load(options.PolicyFolder, p.GetRequiredService<PolicyCheck>()));
        services.AddSingleton<MessageJournal>();
        services.AddSingleton<JournalWriter>();
        services.AddHostedService(p => p.GetRequiredService<JournalWriter>());
        foreach (IDocumentRegistration registration in SagaDocuments.All)
            services.AddSingleton(registration);
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumeObserver<JournalObserver>();
            bus.AddSendObserver<JournalObserver>();
            bus.AddPublishObserver<JournalObserver>();
            bus.AddConsumer<FragilityComputedConsumer>();
            bus.AddConsumer<MonthlyRefreshDueConsumer>();
            bus.AddConsumer<GenerateScenarioSetConsumer>();
            bus.AddConsumer<PlanScenarioSetConsumer>();
            bus.AddConsumer<GenerateShardConsumer>();
            bus.AddConsumer<SealScenarioSetConsumer>();
            bus.AddConsumer<CancelScenarioSetGenerationConsumer>();
            bus.AddSagaStateMachine<
                ScenarioSetGenerationStateMachine,
                ScenarioSetGenerationSaga,
                ScenarioSetGenerationDefinition
            >()
                .InMarten();
            bus.AddSagaStateMachine<MonthlyRefreshStateMachine, MonthlyRefreshSaga, MonthlyRefreshDefinition>()
                .InMarten();
            bus.AddSagaStateMachine<FragilityRefreshStateMachine, FragilityRefreshSaga, FragilityRefreshDefinition>()
                .InMarten();
            bus.UsingRabbitMq((context, rabbit) => Listen(rabbit, context, options));
        });
        services.AddSingleton<ReconcilerPass>();
        services.AddHostedService<ReconcilerService>();
        services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = false; // a worker that starts before its broker waits for it
            host.StopTimeout = options.StopTimeout;
            // What is not done by then is cancelled and given back, within the time the host allows.
            host.ConsumerStopTimeout = options.StopTimeout * 0.8;
        });
        return services;
    }

    /// <summary>What every participant shares: the address, plain JSON, the contract's exchange names.</summary>
    public static void Wire(IRabbitMqBusFactoryConfigurator rabbit, BusOptions options)
    {
        rabbit.Host(options.RabbitMq);
        rabbit.UseRawJsonSerializer(RawSerializerOptions.AddTransportHeaders, isDefault: true);
        rabbit.UseRawJsonDeserializer(RawSerializerOptions.AddTransportHeaders, isDefault: true);
        rabbit.MessageTopology.SetEntityNameFormatter(
            new ContractEntityNames(rabbit.MessageTopology.EntityNameFormatter)
        );
        rabbit.SetQuorumQueue();
    }

    private static void Listen(
        IRabbitMqBusFactoryConfigurator rabbit,
        IBusRegistrationContext context,
        BusOptions options
    )
    {
        Wire(rabbit, options);
        External<FragilityComputedConsumer, FragilityComputed>(rabbit, context, QueueNames.FragilityComputed);
        External<MonthlyRefreshDueConsumer, MonthlyRefreshDue>(rabbit, context, QueueNames.MonthlyRefreshDue);
        External<GenerateScenarioSetConsumer, GenerateScenarioSet>(rabbit, context, QueueNames.GenerateScenarioSet);
        // Two lanes for all that takes seconds: nobody on demand waits behind a monthly refresh.
        Commands<PlanScenarioSetConsumer>(rabbit, context, QueueNames.PlanInteractive, 2);
        Commands<PlanScenarioSetConsumer>(rabbit, context, QueueNames.PlanBatch, 2);
        Commands<GenerateShardConsumer>(rabbit, context, QueueNames.ShardsInteractive, options.ShardConcurrency);
        Commands<GenerateShardConsumer>(rabbit, context, QueueNames.ShardsBatch, options.ShardConcurrency);
        Commands<SealScenarioSetConsumer>(rabbit, context, QueueNames.Seal, 4);
        Commands<CancelScenarioSetGenerationConsumer>(rabbit, context, QueueNames.Cancel, 4);
        Saga<ScenarioSetGenerationSaga>(rabbit, context, QueueNames.Generation);
        Saga<MonthlyRefreshSaga>(rabbit, context, QueueNames.MonthlyRefresh);
        Saga<FragilityRefreshSaga>(rabbit, context, QueueNames.FragilityRefresh);
    }

    /// <summary>A queue fed by the contract's exchange: any publisher, in any language, headers optional.</summary>
    private static void External<TConsumer, TMessage>(
        IRabbitMqBusFactoryConfigurator rabbit,
        IBusRegistrationContext context,
        string queue
    )
        where TConsumer : InboundConsumer<TMessage>
        where TMessage : class =>
        rabbit.ReceiveEndpoint(
            queue,
            endpoint =>
            {
                Reliability.Apply(endpoint, context, 4);
                endpoint.ConfigureConsumeTopology = false;
                endpoint.Bind(ContractNames.Of<TMessage>().Exchange);
                endpoint.UseRawJsonDeserializer(RawSerializerOptions.AddTransportHeaders, isDefault: true);
                endpoint.ConfigureConsumer<TConsumer>(context);
            }
        );

    /// <summary>A queue of our own commands, addressed by name and bound to no exchange.</summary>
    private static void Commands<TConsumer>(
        IRabbitMqBusFactoryConfigurator rabbit,
        IBusRegistrationContext context,
        string queue,
        int concurrency
    )
        where TConsumer : class, IConsumer =>
        rabbit.ReceiveEndpoint(
            queue,
            endpoint =>
            {
                Reliability.Apply(endpoint, context, concurrency);
                endpoint.ConfigureConsumeTopology = false;
                endpoint.ConfigureConsumer<TConsumer>(context);
            }
        );

    /// <summary>A saga's queue; its definition makes it reliable.</summary>
    private static void Saga<TSaga>(
        IRabbitMqBusFactoryConfigurator rabbit,
        IBusRegistrationContext context,
        string queue
    )
        where TSaga : class, ISaga => rabbit.ReceiveEndpoint(queue, endpoint => endpoint.ConfigureSaga<TSaga>(context));
}

/// <summary>Exchange names from the contract; whatever is not in it keeps MassTransit's name.</summary>
internal sealed class ContractEntityNames(IEntityNameFormatter fallback) : IEntityNameFormatter
{
    public string FormatEntityName<T>() => ContractNames.Find(typeof(T))?.Exchange ?? fallback.FormatEntityName<T>();
}

/// <summary>The documents that sagas live in; <c>migrate</c> needs them too.</summary>
public static class SagaDocuments
{
    public static IReadOnlyList<IDocumentRegistration> All { get; } =
    [
        new SagaDocument<ScenarioSetGenerationSaga>("scenario_set_generation_saga"),
        new SagaDocument<MonthlyRefreshSaga>("monthly_refresh_saga"),
        new SagaDocument<FragilityRefreshSaga>("fragility_refresh_saga"),
    ];
}
