using System.Text;

namespace ParallelR1.Grading.Semantic;

/// <summary>Writes a parsed answer in plain spelling, for explanations.</summary>
internal static class NodeText
{
    public static void Write(StringBuilder text, Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Number:
                text.Append(node.Value.ToString());
                break;
            case NodeKind.Sum:
                Join(text, node, "(", " + ", ")");
                break;
            case NodeKind.Product:
                Join(text, node, "", "*", "");
                break;
            case NodeKind.Power:
                Join(text, node, "(", ")^(", ")");
                break;
            case NodeKind.Function:
                Join(text.Append(node.Name), node, "(", ", ", ")");
                break;
            case NodeKind.PlusMinus:
                Join(text.Append(node.Name == "+-" ? "±" : "∓"), node, "", "", "");
                break;
            case NodeKind.Quantity:
                Join(text, node, "", "", " " + node.Name);
                break;
            case NodeKind.Tuple:
                Join(text, node, node.Name[..1], ", ", node.Name[1..]);
                break;
            case NodeKind.Set:
                Join(text, node, "{", ", ", "}");
                break;
            case NodeKind.List:
                Join(text, node, "", node.Name == "," ? ", " : $" {node.Name} ", "");
                break;
            case NodeKind.Union:
                Join(text, node, "", " ∪ ", "");
                break;
            case NodeKind.SetOperation:
                Join(text, node, "", node.Name == "cap" ? " ∩ " : " \\ ", "");
                break;
            case NodeKind.Relation:
                WriteRelation(text, node);
                break;
            case NodeKind.Matrix:
                Join(text, node, "[", ", ", "]");
                break;
            case NodeKind.Ratio:
                Join(text, node, "", ":", node.Name);
                break;
            case NodeKind.Congruence:
                Join(text, node, "", " ≡ ", "");
                break;
            case NodeKind.BaseNumber:
                text.Append(node.Name).Append(" in base ").Append(node.Value.ToString());
                break;
            case NodeKind.Date:
                Join(text.Append("month "), node, "", " day ", "");
                break;
            default:
                text.Append(node.Name);
                break;
        }
    }

    private static void WriteRelation(StringBuilder text, Node node)
    {
        var operators = node.Name.Split(' ');
        for (var i = 0; i < node.Items.Length; i++)
        {
            if (i > 0)
                text.Append(' ').Append(operators[i - 1]).Append(' ');
            Write(text, node.Items[i]);
        }
    }

    private static void Join(StringBuilder text, Node node, string before, string between, string after)
    {
        text.Append(before);
        for (var i = 0; i < node.Items.Length; i++)
        {
            if (i > 0)
                text.Append(between);
            Write(text, node.Items[i]);
        }

        text.Append(after);
    }
}
