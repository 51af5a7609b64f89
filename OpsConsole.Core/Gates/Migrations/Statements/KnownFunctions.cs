namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>Functions of PostgreSQL that queries may call: those that only reckon, and those that run other code.</summary>
internal static class KnownFunctions
{
    /// <summary>Built-in functions that change nothing beyond the query, sequences left aside; and words that stand before a parenthesis without being a function.</summary>
    private static readonly HashSet<string> Harmless = [.. """
        all and any array as asc between by case cast collate conflict cross cube current_date current_time current_timestamp cycle desc distinct else end except exists extract fetch filter first following
        for from full grouping group having ilike in inner intersect into is isnull join lateral left like limit localtime localtimestamp materialized natural next not notnull null nulls offset on only or order
        outer over overlaps overlay overriding partition position preceding range recursive references returning right rollup row rows search select sets similar some substring tablesample then to treat
        trim unbounded union unique unnest using values when where window with within ordinality bernoulli system key check default generated identity primary update set interval
        insert columns nested path xmltable xmlnamespaces zone escape operator passing
        varchar char character bpchar bit varbit numeric decimal dec float time timestamp timestamptz timetz nchar nvarchar varying
        abs acos acosd age any_value area array_agg array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions array_prepend array_remove array_replace
        array_sample array_shuffle array_to_json array_to_string array_to_tsvector array_upper ascii asin asind atan atan2 atand avg bit_and bit_count bit_length bit_or bit_xor bool_and bool_or box broadcast
        btrim cardinality cbrt ceil ceiling center char_length character_length chr circle clock_timestamp coalesce col_description concat concat_ws convert convert_from convert_to corr cos cosd cot count
        covar_pop covar_samp cume_dist current_catalog current_database current_schema current_schemas current_setting current_user currval date date_add date_bin date_part date_subtract date_trunc decode
        degrees dense_rank diagonal diameter div encode enum_first enum_last enum_range erf every exp factorial family first_value floor format format_type gcd gen_random_uuid generate_series
        generate_subscripts get_bit get_byte greatest has_column_privilege has_schema_privilege has_table_privilege height host hostmask initcap int4 int8 inet_merge isempty isfinite json_agg json_array
        json_array_elements json_array_elements_text json_array_length json_arrayagg json_build_array json_build_object json_each json_each_text json_exists json_extract_path json_extract_path_text json_object
        json_object_agg json_object_keys json_objectagg json_populate_record json_populate_recordset json_query json_scalar json_serialize json_strip_nulls json_table json_to_record json_to_recordset
        json_typeof json_value jsonb_agg jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path
        jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first
        jsonb_populate_record jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof justify_days justify_hours justify_interval lag
        last_value lastval lcm lead least length ln log log10 lower lower_inc lower_inf lpad ltrim make_date make_interval make_time make_timestamp make_timestamptz masklen max md5 min min_scale mod mode
        multirange netmask network nextval normalize now nth_value ntile nullif num_nonnulls num_nulls numrange obj_description octet_length parse_ident percent_rank percentile_cont percentile_disc
        pg_advisory_lock pg_advisory_unlock pg_advisory_xact_lock pg_backend_pid pg_column_size pg_get_constraintdef pg_get_expr pg_get_indexdef pg_get_serial_sequence pg_get_viewdef pg_indexes_size
        pg_input_is_valid pg_is_in_recovery pg_relation_size pg_size_pretty pg_sleep pg_table_is_visible pg_table_size pg_total_relation_size pg_try_advisory_lock pg_try_advisory_xact_lock pg_typeof
        phraseto_tsquery pi plainto_tsquery point power quote_ident quote_literal quote_nullable radians radius random random_normal range_agg range_merge rank regexp_count regexp_instr regexp_like
        regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr regr_count regr_slope repeat replace reverse round row_number row_to_json rpad rtrim scale
        session_user set_byte set_masklen setseed setval setweight sha224 sha256 sha384 sha512 sign sin sind split_part sqrt starts_with statement_timestamp stddev stddev_pop stddev_samp string_agg
        string_to_array string_to_table strip strpos substr sum tan tand text timeofday to_ascii to_char to_date to_hex to_json to_jsonb to_number to_regclass to_regnamespace to_regproc to_regrole
        to_regtype to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array trim_scale trunc ts_headline ts_rank ts_rank_cd tsrange tstzrange daterange int4range int8range
        txid_current unistr upper upper_inc upper_inf user uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuid_nil uuidv4 uuidv7 var_pop var_samp variance version
        websearch_to_tsquery width width_bucket xmlagg xmlattributes xmlconcat xmlelement xmlforest xmlparse xmlserialize
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];

    private static readonly string[] RunningSchemas = ["cron", "partman", "dblink"];

    private static readonly string[] RunningBeginnings =
    [
        "dblink", "query_to_xml", "cursor_to_xml", "lo_", "drop_chunks", "crosstab", "connectby", "ts_stat", "ts_rewrite", "xpath_table", "schedule_in_database", "unschedule", "run_maintenance",
        "undo_partition", "drop_partition", "pg_terminate_backend", "pg_file_", "pg_drop_replication_slot", "create_distributed", "run_command_on_",
    ];

    private static readonly string[] RunningNames = ["lowrite"];

    public static bool IsHarmless(string? schema, string name) => schema is null or "pg_catalog" && Harmless.Contains(name);

    /// <summary>It runs a text as SQL, or removes something itself.</summary>
    public static bool RunsCode(string? schema, string name) =>
        (schema is not null && RunningSchemas.Contains(schema)) || RunningNames.Contains(name) || RunningBeginnings.Any(b => name.StartsWith(b, StringComparison.Ordinal));
}
