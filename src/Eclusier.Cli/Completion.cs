namespace Eclusier.Cli;

/// <summary>What a shell sources to complete command lines: it asks the program itself, which knows its commands and options.</summary>
internal static class Completion
{
    /// <summary>By shell. Each passes what follows the program's name, and where the cursor stands in it.</summary>
    public static IReadOnlyDictionary<string, string> Scripts { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = """
            _eclusier() {
              local line=${COMP_LINE#* } IFS=$'\n'
              COMPREPLY=($(compgen -W "$(eclusier "[suggest:$((COMP_POINT - ${#COMP_LINE} + ${#line}))]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _eclusier eclusier

            """,
        ["zsh"] = """
            #compdef eclusier
            _eclusier() {
              local line="${words[2,-1]}"
              local -a found=("${(@f)$(eclusier "[suggest:$((CURSOR - ${#words[1]} - 1))]" "$line" 2>/dev/null)}")
              found=(${found:#})
              (( ${#found} )) && compadd -- $found || _files
            }
            if [ "${funcstack[1]}" = _eclusier ]; then _eclusier "$@"; else compdef _eclusier eclusier; fi

            """,
        ["fish"] = """
            function __eclusier_complete
              set -l line (string replace -r '^\S+\s' '' -- (commandline -cp))
              eclusier "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c eclusier -a '(__eclusier_complete)'

            """,
    };

    /// <summary>Whether the command line asks for completions of the one behind it.</summary>
    public static bool IsAsked(string[] args) => args is [['[', 's', 'u', 'g', 'g', 'e', 's', 't', ..], ..];
}
