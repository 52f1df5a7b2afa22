using System.Data.Common;

namespace Jpki.Ledger;

/// <summary>A statement prepared once and run many times, on the writer's connection only.</summary>
public sealed class PreparedCommand
{
    private readonly StoreTransaction transaction;
    private readonly Engine engine;
    private readonly DbCommand command;
    private readonly Dictionary<string, DbParameter> parameters = [];

    internal PreparedCommand(StoreTransaction transaction, Engine engine, DbCommand command) =>
        (this.transaction, this.engine, this.command) = (transaction, engine, command);

    /// <summary>Gives the parameter <c>@name</c> its value; keeps it until it is set again.</summary>
    public PreparedCommand Set(string name, object? value)
    {
        if (!parameters.TryGetValue(name, out var parameter))
        {
            parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
            parameters.Add(name, parameter);
        }
        parameter.Value = engine.Adapt(value);
        return this;
    }

    public int Execute() => transaction.Guard(command.ExecuteNonQuery);

    /// <summary>The first column of the first row; default when there is no row or it holds NULL.</summary>
    public T? Scalar<T>() => transaction.Guard(() =>
        command.ExecuteScalar() is { } value and not DBNull ? (T)value : default);

    public IReadOnlyList<T> Query<T>(Func<DbDataReader, T> row) => transaction.Guard(() =>
    {
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    });
}
