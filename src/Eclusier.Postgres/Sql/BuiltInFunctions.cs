namespace Eclusier.Postgres.Sql;

/// <summary>The functions of <c>pg_catalog</c> that people call, of PostgreSQL 13 to 18. None of them locks a table against others.</summary>
internal static class BuiltInFunctions
{
    private const string Names = """
        abbrev abs acldefault acos acosd acosh age any_value area array_agg array_append array_cat array_dims array_fill array_larger
        array_length array_lower array_ndims array_position array_positions array_prepend array_remove array_replace array_reverse
        array_sample array_shuffle array_sort array_to_json array_to_string array_to_tsvector array_upper ascii asin asind asinh atan
        atan2 atan2d atand atanh avg bit bit_and bit_count bit_length bit_or bit_xor bool bool_and bool_or box broadcast btrim bytea
        cardinality casefold cbrt ceil ceiling center char char_length character_length chr cidr clock_timestamp col_description concat
        concat_ws convert convert_from convert_to corr cos cosd cosh cot cotd count covar_pop covar_samp crc32 crc32c cume_dist
        current_database current_query current_schema current_schemas current_setting current_user currval cursor_to_xml
        cursor_to_xmlschema database_to_xml database_to_xml_and_xmlschema database_to_xmlschema date date_add date_bin date_part
        date_subtract date_trunc datemultirange daterange decode degrees dense_rank diagonal diameter div encode enum_first enum_last
        enum_range erf erfc every exp extract factorial family first_value float4 float8 float8_avg float8_corr float8_covar_pop
        float8_covar_samp float8_regr_avgx float8_regr_avgy float8_regr_intercept float8_regr_r2 float8_regr_slope float8_regr_sxx
        float8_regr_sxy float8_regr_syy float8_stddev_pop float8_stddev_samp float8_var_pop float8_var_samp floor format format_type
        gamma gcd gen_random_uuid generate_series generate_subscripts get_bit get_byte get_current_ts_config getdatabaseencoding
        getpgusername grouping has_table_privilege hashint4extended hashtextextended height host hostmask icu_unicode_version in_range
        inet_client_addr inet_client_port inet_merge inet_same_family inet_server_addr inet_server_port initcap int2 int24div int24mi
        int24mul int24pl int28div int28mi int28mul int28pl int2abs int2div int2mi int2mul int2pl int2shl int2shr int4 int42div int42mi
        int42mul int42pl int48div int48mi int48mul int48pl int4abs int4div int4mi int4mul int4multirange int4pl int4range int4shl
        int4shr int8 int82div int82mi int82mul int82pl int84div int84mi int84mul int84pl int8abs int8dec int8div int8mi int8mul
        int8multirange int8pl int8pl_inet int8range int8shl int8shr interval is_normalized isclosed isempty isfinite ishorizontal isopen
        isparallel isperp isvertical json json_agg json_agg_strict json_array json_array_element_text json_array_elements
        json_array_elements_text json_array_length json_arrayagg json_build_array json_build_object json_each json_each_text json_exists
        json_extract_path json_extract_path_text json_object json_object_agg json_object_agg_strict json_object_agg_unique
        json_object_agg_unique_strict json_object_keys json_objectagg json_populate_record json_populate_recordset json_query
        json_scalar json_serialize json_strip_nulls json_to_record json_to_recordset json_to_tsvector json_typeof json_value jsonb_agg
        jsonb_agg_strict jsonb_array_element_text jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array
        jsonb_build_object jsonb_concat jsonb_contains jsonb_delete jsonb_delete_path jsonb_each jsonb_each_text jsonb_exists
        jsonb_exists_all jsonb_exists_any jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg
        jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict jsonb_object_keys jsonb_path_exists
        jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz
        jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_record_valid
        jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset
        jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval lag last_value lastval lcm lead left length lgamma
        like like_escape ln log log10 lower lower_inc lower_inf lpad lseg ltrim macaddr macaddr8 macaddr8_set7bit make_date
        make_interval make_time make_timestamp make_timestamptz makeaclitem masklen max md5 min min_scale mod mode money multirange
        mxid_age name netmask network nextval normalize notlike now npoints nth_value ntile num_nonnulls num_nulls numeric nummultirange
        numnode numrange obj_description octet_length oid overlaps overlay parse_ident path percent_rank percentile_cont percentile_disc
        phraseto_tsquery pi plainto_tsquery point polygon position pow power query_to_xml querytree quote_ident quote_literal
        quote_nullable radians radius random random_normal range_agg range_intersect_agg range_merge rank regclass regexp_count
        regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr
        regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right round
        row_number row_security_active row_to_json rpad rtrim satisfies_hash_partition scale schema_to_xml schema_to_xml_and_xmlschema
        schema_to_xmlschema session_user set_bit set_byte set_config set_masklen setseed setval setweight sha224 sha256 sha384 sha512
        shobj_description sign similar_escape similar_to_escape sin sind sinh slope split_part sqrt starts_with statement_timestamp
        stddev stddev_pop stddev_samp string_agg string_to_array string_to_table strip strpos substr substring sum system_user
        table_to_xml table_to_xml_and_xmlschema table_to_xmlschema tan tand tanh text textcat textlen time timeofday timestamp
        timestamp_pl_interval timestamptz timetz timezone to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct
        to_regclass to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype
        to_regtypemod to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array trim_scale trunc ts_debug ts_delete
        ts_filter ts_headline ts_lexize ts_parse ts_rank ts_rank_cd ts_rewrite ts_stat ts_token_type tsmultirange tsrange tstzmultirange
        tstzrange tsvector_to_array tsvector_update_trigger tsvector_update_trigger_column txid_current txid_current_if_assigned
        txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin txid_status txid_visible_in_snapshot
        unicode_assigned unicode_version unistr unnest upper upper_inc upper_inf uuid_extract_timestamp uuid_extract_version uuidv4
        uuidv7 var_pop var_samp varbit varchar variance version websearch_to_tsquery width width_bucket xid xml xml_is_well_formed
        xml_is_well_formed_content xml_is_well_formed_document xmlagg xmlcomment xmlexists xmlforest xmltext xpath xpath_exists
        """;

    private static readonly HashSet<string> Known = Words(Names);

    /// <summary>Those whose answer differs from row to row (<c>provolatile = 'v'</c>).</summary>
    private static readonly HashSet<string> Volatile = Words("""
        clock_timestamp currval gen_random_uuid lastval nextval random random_normal setseed setval timeofday
        txid_current uuidv4 uuidv7 array_sample array_shuffle
        """);

    /// <summary>Of the extensions that come with the server, and of PostGIS: they compute, and touch no table.</summary>
    private static readonly HashSet<string> OfExtensions = Words("""
        armor crypt dearmor decrypt decrypt_iv digest encrypt encrypt_iv gen_random_bytes gen_salt hmac pgp_pub_decrypt pgp_pub_encrypt
        pgp_sym_decrypt pgp_sym_encrypt
        similarity word_similarity strict_word_similarity show_trgm unaccent levenshtein soundex metaphone dmetaphone difference earth_distance ll_to_earth
        cube_distance
        akeys avals hstore hstore_to_json hstore_to_jsonb hstore_to_array each skeys svals text2ltree ltree2text subpath nlevel lca sort uniq
        uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuid_nil uuid_ns_dns uuid_ns_url
        """);

    private static readonly HashSet<string> VolatileOfExtensions = Words("gen_random_bytes gen_salt uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4");

    /// <summary>Whether a name, as written in a call, means a function of the server or of a well-known extension.</summary>
    public static bool Contains(TableName function) => function.Schema switch
    {
        null => IsOfServer(function.Name) || IsOfExtension(function.Name),
        "pg_catalog" => IsOfServer(function.Name),
        // Where Supabase puts its extensions.
        "extensions" => IsOfExtension(function.Name),
        _ => false,
    };

    public static bool IsVolatile(TableName function) => Volatile.Contains(function.Name) || VolatileOfExtensions.Contains(function.Name);

    private static bool IsOfServer(string name) =>
        Known.Contains(name) || name.StartsWith("pg_", StringComparison.Ordinal) || name.StartsWith("has_", StringComparison.Ordinal);

    private static bool IsOfExtension(string name) => OfExtensions.Contains(name) || name.StartsWith("st_", StringComparison.Ordinal);

    private static HashSet<string> Words(string names) =>
        names.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}
