using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Consumers;
using Prometheus.Synthetic.Messaging.Generation;
using Prometheus.Synthetic.Messaging.Sagas;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Messaging.Bus;

/// <summary>
/// The bus: plain JSON on the wire in both directions, exchanges named by the contract, durable quorum queues, seconds of
/// retry for what goes away by itself, outputs held back until state is saved.
/// </summary>
public static class SyntheticBus
{
    /// <summary>Everything a worker listens to.</summary>
    public static IServiceCollection AddSyntheticWorkerBus(this IServiceCollection services, BusOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<GenerationStarter>();
        services.AddSingleton<GenerationFailure>();
        foreach (IDocumentRegistration registration in SagaDocuments.All)
            services.AddSingleton(registration);
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<FragilityComputedConsumer>();
            bus.AddConsumer<MonthlyRefreshDueConsumer>();
            bus.AddConsumer<GenerateScenarioSetConsumer>();
            bus.AddConsumer<PlanScenarioSetConsumer>();
            bus.AddConsumer<GenerateShardConsumer>();
            bus.AddConsumer<SealScenarioSetConsumer>();
            bus.AddConsumer<CancelScenarioSetGenerationConsumer>();
            bus.AddSagaStateMachine<ScenarioSetGenerationStateMachine, ScenarioSetGenerationSaga>().InMarten();
            bus.UsingRabbitMq(
                (context, rabbit) =>
                {
                    Wire(rabbit, options);
                    External<FragilityComputedConsumer, FragilityComputed>(
                        rabbit,
                        context,
                        QueueNames.FragilityComputed
                    );
                    External<MonthlyRefreshDueConsumer, MonthlyRefreshDue>(
                        rabbit,
                        context,
                        QueueNames.MonthlyRefreshDue
                    );
                    External<GenerateScenarioSetConsumer, GenerateScenarioSet>(
                        rabbit,
                        context,
                        QueueNames.GenerateScenarioSet
                    );
                    Commands<PlanScenarioSetConsumer>(rabbit, context, QueueNames.Plan, 2);
                    Commands<GenerateShardConsumer>(
                        rabbit,
                        context,
                        QueueNames.ShardsInteractive,
                        options.ShardConcurrency
                    );
                    Commands<GenerateShardConsumer>(rabbit, context, QueueNames.ShardsBatch, options.ShardConcurrency);
                    Commands<SealScenarioSetConsumer>(rabbit, context, QueueNames.Seal, 4);
                    Commands<CancelScenarioSetGenerationConsumer>(rabbit, context, QueueNames.Cancel, 4);
                    rabbit.ReceiveEndpoint(
                        QueueNames.Generation,
                        endpoint =>
                        {
                            Reliable(endpoint, context, 16);
                            endpoint.ConfigureSaga<ScenarioSetGenerationSaga>(context);
                        }
                    );
                }
            );
        });
        services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = false; // a worker that starts before its broker waits for it
            host.StopTimeout = options.StopTimeout;
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
                Reliable(endpoint, context, 4);
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
                Reliable(endpoint, context, concurrency);
                endpoint.ConfigureConsumeTopology = false;
                endpoint.ConfigureConsumer<TConsumer>(context);
            }
        );

    private static void Reliable(
        IRabbitMqReceiveEndpointConfigurator endpoint,
        IRegistrationContext context,
        int concurrency
    )
    {
        endpoint.SetQuorumQueue();
        endpoint.PrefetchCount = concurrency;
        endpoint.ConcurrentMessageLimit = concurrency;
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(Transient.Is);
            retry.Exponential(
                12,
                TimeSpan.FromMilliseconds(200),
                TimeSpan.FromSeconds(15),
                TimeSpan.FromMilliseconds(300)
            );
        });
        endpoint.UseConsumeFilter(typeof(CorrelationLogFilter<>), context);
        endpoint.UseInMemoryOutbox(context);
    }
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
    [new SagaDocument<ScenarioSetGenerationSaga>("scenario_set_generation_saga")];
}
